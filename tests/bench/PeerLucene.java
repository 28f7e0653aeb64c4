/* PeerLucene: Lucene with its standard tokenizer and the Snowball English stemmer, text in one field.
 * Usage: PeerLucene build ids|stored ARTICLES INDEX THREADS [merge]
 *        PeerLucene query ids|stored INDEX QUERIES ROUNDS */
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexOrDocValuesQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.spans.SpanNearQuery;
import org.apache.lucene.search.spans.SpanQuery;
import org.apache.lucene.search.spans.SpanTermQuery;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

public class PeerLucene {
    static final int TITLE_GAP = 100, NEAR = 10, PAGE = 10, RAM_MB = 64, WARM_ROUNDS = 4;

    static class Stems extends Analyzer {
        @Override protected TokenStreamComponents createComponents(String field) {
            Tokenizer t = new StandardTokenizer();
            return new TokenStreamComponents(t, new SnowballFilter(new LowerCaseFilter(t), "English"));
        }
        @Override public int getPositionIncrementGap(String field) { return TITLE_GAP; }
    }

    /* The articles of a flat file; threads take one after the other. */
    static class Articles {
        final ByteBuffer in;
        Articles(String path) throws Exception {
            in = ByteBuffer.wrap(Files.readAllBytes(Path.of(path))).order(ByteOrder.LITTLE_ENDIAN);
        }
        /* id, title, body, date, source; null at the end. */
        synchronized byte[][] next() {
            if (!in.hasRemaining())
                return null;
            byte[][] f = new byte[5][];
            for (int i = 0; i < 5; i++) {
                f[i] = new byte[in.getInt()];
                in.get(f[i]);
            }
            return f;
        }
    }

    static void add(IndexWriter w, byte[][] f, boolean stored) throws Exception {
        String[] s = new String[5];
        for (int i = 0; i < 5; i++)
            s[i] = new String(f[i], StandardCharsets.UTF_8);
        Document d = new Document();
        d.add(new StoredField("id", s[0]));
        d.add(new TextField("text", s[1], Field.Store.NO));
        d.add(new TextField("text", s[2], Field.Store.NO));
        if (stored) {
            d.add(new StoredField("title", s[1]));
            d.add(new StoredField("body", s[2]));
        }
        int date = s[3].isEmpty() ? 0 : Integer.parseInt(s[3]);
        d.add(new IntPoint("date", date));
        d.add(new NumericDocValuesField("date", date));
        d.add(new SortedDocValuesField("source", new BytesRef(s[4])));
        w.addDocument(d);
    }

    static void build(boolean stored, String articles, String path, int threads, boolean merge)
            throws Exception {
        Articles in = new Articles(articles);
        IndexWriterConfig c = new IndexWriterConfig(new Stems());
        c.setOpenMode(IndexWriterConfig.OpenMode.CREATE);
        c.setRAMBufferSizeMB(RAM_MB);
        try (IndexWriter w = new IndexWriter(FSDirectory.open(Path.of(path)), c)) {
            Thread[] t = new Thread[threads];
            for (int i = 0; i < threads; i++) {
                t[i] = new Thread(() -> {
                    try {
                        for (byte[][] f = in.next(); f != null; f = in.next())
                            add(w, f, stored);
                    } catch (Exception e) {
                        throw new RuntimeException(e);
                    }
                });
                t[i].start();
            }
            for (Thread x : t)
                x.join();
            if (merge)
                w.forceMerge(1);
            w.commit();
        }
    }

    static String stem(Analyzer a, String word) throws Exception {
        try (TokenStream t = a.tokenStream("text", word)) {
            CharTermAttribute term = t.addAttribute(CharTermAttribute.class);
            t.reset();
            String s = t.incrementToken() ? term.toString() : word;
            t.end();
            return s;
        }
    }

    static Query make(Analyzer a, String type, String[] w) throws Exception {
        int words = type.equals("date") ? 1 : w.length;
        Term[] t = new Term[words];
        for (int i = 0; i < words; i++)
            t[i] = new Term("text", stem(a, w[i]));
        switch (type) {
        case "term":
        case "facet":
            return new TermQuery(t[0]);
        case "and":
        case "or": {
            Occur o = type.equals("and") ? Occur.MUST : Occur.SHOULD;
            return new BooleanQuery.Builder().add(new TermQuery(t[0]), o)
                .add(new TermQuery(t[1]), o).build();
        }
        case "phrase":
        case "frequent": {
            PhraseQuery.Builder b = new PhraseQuery.Builder();
            for (Term x : t)
                b.add(x);
            return b.build();
        }
        case "near":
        case "nearstem":
            return new SpanNearQuery(
                new SpanQuery[] {new SpanTermQuery(t[0]), new SpanTermQuery(t[1])}, NEAR - 1, false);
        case "date": {
            int from = Integer.parseInt(w[1]), to = Integer.parseInt(w[2]);
            Query range = new IndexOrDocValuesQuery(IntPoint.newRangeQuery("date", from, to),
                NumericDocValuesField.newSlowRangeQuery("date", from, to));
            return new BooleanQuery.Builder().add(new TermQuery(t[0]), Occur.MUST)
                .add(range, Occur.FILTER).build();
        }
        default:
            return null;
        }
    }

    /* Counts of the sources of all matches, by ordinals. */
    static class Sources extends SimpleCollector {
        final long[] counts = new long[1 << 16];
        SortedDocValues values;
        long total;
        @Override protected void doSetNextReader(LeafReaderContext c) throws java.io.IOException {
            values = DocValues.getSorted(c.reader(), "source");
        }
        @Override public void collect(int doc) throws java.io.IOException {
            total++;
            if (values.advanceExact(doc))
                counts[values.ordValue()]++;
        }
        @Override public ScoreMode scoreMode() { return ScoreMode.COMPLETE_NO_SCORES; }
    }

    static long search(IndexSearcher s, String type, Query q) throws Exception {
        if (type.equals("facet")) {
            Sources c = new Sources();
            s.search(q, c);
            return c.total;
        }
        TopScoreDocCollector c = TopScoreDocCollector.create(PAGE, Integer.MAX_VALUE);
        s.search(q, c);
        for (ScoreDoc d : c.topDocs().scoreDocs)
            s.doc(d.doc);
        return c.getTotalHits();
    }

    static void query(String mode, String path, String queries, int rounds) throws Exception {
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        Analyzer a = new Stems();
        IndexSearcher s = new IndexSearcher(DirectoryReader.open(MMapDirectory.open(Path.of(path))));
        s.setQueryCache(null);
        List<String> lines = Files.readAllLines(Path.of(queries));
        long[][] ns = new long[lines.size()][rounds];
        long[] hits = new long[lines.size()];
        for (int r = -WARM_ROUNDS; r < rounds; r++)
            for (int i = 0; i < lines.size(); i++) {
                String[] p = lines.get(i).split("\t");
                long t0 = clock.getCurrentThreadCpuTime();
                Query q = make(a, p[0], Arrays.copyOfRange(p, 1, p.length));
                hits[i] = q == null ? -1 : search(s, p[0], q);
                if (r >= 0)
                    ns[i][r] = clock.getCurrentThreadCpuTime() - t0;
            }
        String before = "";
        for (int i = 0, number = 0; i < lines.size(); i++) {
            String type = lines.get(i).split("\t")[0];
            number = type.equals(before) ? number + 1 : 0;
            before = type;
            Arrays.sort(ns[i]);
            if (hits[i] >= 0)
                System.out.printf("lucene %s\tranked\t%s\t%d\t%.1f\t%d%n", mode, type, number,
                    ns[i][rounds / 2] / 1e3, hits[i]);
        }
    }

    public static void main(String[] args) throws Exception {
        boolean stored = args[1].equals("stored");
        if (args[0].equals("build"))
            build(stored, args[2], args[3], Integer.parseInt(args[4]), args.length > 5);
        else
            query(args[1], args[2], args[3], Integer.parseInt(args[4]));
    }
}
