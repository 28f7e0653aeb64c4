#!/bin/sh
# make_model.sh FOLDER: train indexer/entity/data/names.model. FOLDER holds the programs and takes the files between.
# Environment: NER_DATA, the data folder; NER_OUT, another file for the model; NER_SKIP, names of sets to do without ("uner_ewt gmb_train").
set -eu
work=$1
data=${NER_DATA:-../shared/data}
gaz=indexer/entity/data/names.gazetteer
out=${NER_OUT:-indexer/entity/data/names.model}

for f in ner/ww_train.tsv.xz ner/ww_dev_docs.txt news/press.jsonl.gz news/open.jsonl.gz; do
    if [ ! -r "$data/$f" ]; then
        echo "make model: '$data/$f' is not there" >&2
        echo "hint: NER_DATA=FOLDER make model, with the folders ner/ and news/ in it" >&2
        exit 1
    fi
done

wanted() {
    case " ${NER_SKIP:-} " in *" $1 "*) return 1 ;; esac
    [ -r "$data/ner/$1.tsv.xz" ]
}

# Classes of words, from the news and the text of two training sets (never of what is held out).
gzip -dc "$data/news/press.jsonl.gz" "$data/news/open.jsonl.gz" | "$work/text" >"$work/news.txt"
"$work/text" -d "$data/ner/ww_dev_docs.txt" "$data/ner/ww_train.tsv.xz" >"$work/ww.txt"
texts="$work/news.txt $work/ww.txt"
if wanted gmb_train; then
    "$work/text" "$data/ner/gmb_train.tsv.xz" >"$work/gmb.txt"
    texts="$texts $work/gmb.txt"
fi
# shellcheck disable=SC2086
"$work/cluster" "$work/words.tsv" $texts

# Labelled data. Two of the sets do not mark nationalities and works: a first model says which sentences to leave out.
train() {
    "$work/train" -g "$gaz" -w "$work/words.tsv" "$@"
}
set --
for name in uner_ewt wnut_train; do
    if wanted $name; then
        set -- "$@" -n "$data/ner/$name.tsv.xz"
    fi
done
held=$data/ner/ww_dev_docs.txt
news=$data/ner/ww_train.tsv.xz
train -o "$work/first.model" -f 0 -e 20 -d "$held" "$news"
train -o "$work/second.model" -f 10 -e 20 -m "$work/first.model" -d "$held" "$news" -a "$@"

# Silver: the sentences of a set of another scheme where that model agrees with it, and its labels of articles.
if wanted gmb_train; then
    set -- "$@" -s "$data/ner/gmb_train.tsv.xz"
fi
train -o "$out" -f 4 -t 1 -e 14 -k "${NER_ROWS:-150000}" -m "$work/second.model" -d "$held" "$news" "$@" \
    -j 7 "$data/news/press.jsonl.gz" -j 3 "$data/news/open.jsonl.gz"
ls -l "$out"
