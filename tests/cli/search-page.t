#!/usr/bin/env bash
# search --format html, ris, trec; the page in a browser where there is one.
. "$(dirname "$0")/lib.sh"

cat >dump.jsonl <<'EOF'
{"id":"a 1","title":"Tide <b>rises</b> & \"falls\"","body":"The harbour tide rose twice.\n\nMayor Ada Lindqvist spoke in Norway. Ada Lindqvist left.","date":"2023-09-05","source":"O'Neill's Post","url":"https://example.org/a?x=1&y=\"2\""}
{"id":"b2","title":"A tide of <script>alert(1)</script>","body":"No tide was seen. <img src=x onerror=alert(1)>","date":"2023-11","url":"javascript:alert(1)"}
{"id":"c3","title":"Undated tide","body":"tide tide tide"}
EOF
newsdex add -q -d ix dump.jsonl 2>err || cat err

newsq -d ix --format html tide >page.html
none() { ! grep -qE "$1" page.html; }
ok 'no text becomes markup' none '<b>|<img|<script>alert|href="javascript'
is 'a link to http alone' 1 "$(grep -c 'href="http' page.html)"
ok 'its address is escaped' grep -qF 'href="https://example.org/a?x=1&amp;y=&quot;2&quot;"' page.html
ok 'matches are marked' grep -q '<mark>tide</mark>' page.html
is 'three articles' 3 "$(grep -c '<article ' page.html)"
ok 'the query is the heading' grep -qF '<h1><code>tide</code></h1>' page.html
ok 'a timeline' grep -q '<svg viewBox' page.html
is 'nothing is fetched' '' "$(grep -oE '(src|href)="[^"]*' page.html | grep -vE 'href="(#hits|https://example.org)')"
cat >nest.py <<'EOF'
import html.parser
class Page(html.parser.HTMLParser):
    open = []
    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag
page = Page()
page.feed(open("page.html").read())
page.close()
assert not page.open, page.open
EOF
ok 'every element is closed' python3 nest.py

t newsq -d ix --format ris --sort newest tide <<'EOF'
TY  - NEWS
ID  - b2
TI  - A tide of <script>alert(1)</script>
PY  - 2023
DA  - 2023/11//
UR  - javascript:alert(1)
ER  - 

TY  - NEWS
ID  - a 1
TI  - Tide <b>rises</b> & "falls"
T2  - O'Neill's Post
PY  - 2023
DA  - 2023/09/05/
UR  - https://example.org/a?x=1&y="2"
ER  - 

TY  - NEWS
ID  - c3
TI  - Undated tide
ER  - 

= 0
EOF
t eval "newsq -d ix --format trec --sort newest tide | cut -d' ' -f1-4,6" <<'EOF'
1 Q0 b2 1 newsq
1 Q0 a_1 2 newsq
1 Q0 c3 3 newsq
= 0
EOF
t newsq facet -d ix source --format ris <<'EOF'
! newsq: --format ris shows articles, not counts
! hint: newsq search --format ris QUERY, or facet --format csv
= 2
EOF
t newsq hist -d ix --format trec <<'EOF'
! newsq: --format trec shows articles, not counts
! hint: newsq search --format trec QUERY, or hist --format csv
= 2
EOF
newsq facet -d ix source --format html >page.html 2>err
ok 'counts as a page' grep -qF '<caption>source</caption>' page.html
ok 'every element of it is closed' python3 nest.py

browser=$(command -v chromium || true)
if [ -z "$browser" ]; then
    skip 'the page in a browser: chromium is not installed'
else
    newsq -d ix --format html tide >page.html
    for width in 360 1280; do
        timeout 60 "$browser" --headless --no-sandbox --disable-gpu --window-size=$width,800 \
            --dump-dom "file://$PWD/page.html" >dom.html 2>log
        is "the browser keeps every article, $width wide" 3 "$(grep -c '<article ' dom.html)"
    done
    is 'no policy was broken' '' "$(grep -i 'content security policy' log)"
fi
finish
