#!/usr/bin/env bash
# batch count, facet, templates; the examples of scripts; the schema of the output.
. "$(dirname "$0")/lib.sh"
sample news
export NEWSDEX_INDEX=news
docs=$lib_root/docs
export PATH="$bin:$PATH"

# scores are not the matter here
hits() { newsq batch search "$@" | jq -c 'del(.score)'; }

IN=$'Kim Jong-un\nPutin\nVladimir "x" \\ Putin\n' t newsq batch count --template '"{}" w/10 train' <<'EOF'
3	Kim Jong-un
1	Putin
0	Vladimir "x" \ Putin
= 0
EOF
IN=$'kim\n\nkim AND (\n{"query":"walruses"}\n' t newsq batch count <<'EOF'
20	kim
error	kim AND (	a bracket is opened and never closed
1	{"query":"walruses"}
= 2
EOF
IN=$'kim\nkim AND (\n' t newsq batch count --format jsonl <<'EOF'
{"type":"end","version":1,"total":20,"exact":true,"query":"kim","uuid":"UUID","revision":1}
{"type":"error","line":2,"status":2,"message":"a bracket is opened and never closed","hint":"add ) where the group ends, or put brackets of the text in quotes","start":8,"end":9}
= 2
EOF
IN=$'kim\nkim AND (\nnosuchword\n' t newsq batch facet source -n 2 <<'EOF'
5	kim	Pacific Daily
4	kim	Meridian Wire
error	kim AND (	a bracket is opened and never closed
= 2
EOF
IN=$'walruses\n' t newsq batch facet source --format jsonl <<'EOF'
{"type":"facet","field":"source","value":"Harbour Gazette","count":1}
{"type":"end","version":1,"total":1,"exact":true,"query":"walruses","uuid":"UUID","revision":1}
= 0
EOF
IN=$'{walruses\n' t hits --template 'title:{}' -n 1 --no-snippets <<'EOF'
{"type":"hit","rank":1,"id":"hg-20230917-1","title":"Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end","date":"2023-09-17","source":"Harbour Gazette","url":"https://harbourgazette.example.org/2023/09/drones-a-bulletproof-vest-and-a"}
{"type":"end","version":1,"total":1,"exact":true,"query":"title:{walruses","uuid":"UUID","revision":1}
= 0
EOF
IN=$'walrus\n' t hits --template '{} OR {}es' -n 1 --no-snippets <<'EOF'
{"type":"hit","rank":1,"id":"hg-20230917-1","title":"Drones, a bulletproof vest and a walrus: Kim’s six days in Russia end","date":"2023-09-17","source":"Harbour Gazette","url":"https://harbourgazette.example.org/2023/09/drones-a-bulletproof-vest-and-a"}
{"type":"end","version":1,"total":1,"exact":true,"query":"walrus OR walruses","uuid":"UUID","revision":1}
= 0
EOF
t newsq batch count --template 'no place' <<'EOF'
! newsq: the template 'no place' has no place for a line
! hint: write {} where it goes: 'person:"{}"'
= 2
EOF
t newsq batch facet <<'EOF'
! newsq: which field is to be counted?
! hint: newsq batch facet FIELD; 'newsq fields' lists the fields
= 2
EOF
t newsq batch facet length <<'EOF'
! newsq: 'length' is no facet
! hint: newsq batch facet FIELD; 'newsq fields' lists the fields
= 2
EOF
t newsq batch search --format csv <<'EOF'
! newsq: batch prints jsonl
! hint: batch count and batch facet print text too
= 2
EOF
t newsq batch hist <<'EOF'
! newsq: batch takes its queries from standard input
! hint: newsq batch [search|count|facet FIELD] -d DIR < queries.txt
= 2
EOF
for q in kim 'kim putin' '"armored train"' 'source:"Meridian Wire"'; do
    is "batch counts as count: $q" "$(newsq count -q "$q")" "$(echo "$q" | newsq batch count | cut -f 1)"
    is "batch counts values as facet: $q" "$(newsq facet -q source "$q" -n all)" \
        "$(echo "$q" | newsq batch facet source -n all | awk -F '\t' -v OFS='\t' '{print $1, $3}')"
done

# the examples
printf 'Kim Jong-un\nVladimir Putin\nNobody At All\n' >names.txt
if command -v python3 >/dev/null; then
    IN=$(cat names.txt) t "$docs/examples/watchlist.py" news <<'EOF'
18	Kim Jong-un	pd-20240619-1
23	Vladimir Putin	pd-20240619-1
0	Nobody At All	-
= 0
EOF
else
    skip 'python3 is not installed'
fi
printf 'kim\nkim AND (\nwalruses\nnosuchword\n' >queries.txt
sources() { newsq batch facet source --format jsonl <queries.txt | jq -rn -f "$docs/examples/sources.jq"; }
t sources <<'EOF'
kim	20	Pacific Daily 25 %, Meridian Wire 20 %, Harbour Gazette 15 %, The Baltic Ledger 15 %, The Northern Courier 15 %, The Capitol Record 10 %
line 2: a bracket is opened and never closed
walruses	1	Harbour Gazette 100 %
nosuchword	0	
= 0
EOF
t "$docs/examples/together.sh" news kim putin walruses <<'EOF'
14	kim	putin
0	kim	walruses
0	putin	walruses
= 0
EOF

# every line of jsonl is as the schema says
if python3 -W ignore -c 'import jsonschema' 2>/dev/null; then
    export HOME=$work/home
    newsq saved add kim kim
    {
        newsq kim --format jsonl
        newsq kim --format jsonl --spans --collapse story
        newsq kwic kim --format jsonl
        newsq facet source,person kim --format jsonl
        newsq facet source kim --sort score --format jsonl
        newsq hist kim --share --format jsonl
        newsq hist kim --by source --format jsonl
        newsq terms kim --format jsonl
        newsq related 'Vladimir Putin' --format jsonl
        newsq like hg-20230913-1 --format jsonl
        newsq compare kim putin --format jsonl
        newsq story hg-20230913-1 --format jsonl
        newsq saved run --all --format jsonl
        newsq saved run --all --new --from-start --format jsonl
        newsq batch <queries.txt
        newsq batch count --format jsonl <queries.txt
        newsq batch facet source --format jsonl <queries.txt
    } >lines.jsonl 2>/dev/null
    cat >check.py <<'PY'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
checks = {k: jsonschema.Draft202012Validator({"$ref": "#/$defs/" + k, "$defs": schema["$defs"]})
          for k in schema["$defs"]}
seen, bad = set(), 0
for line in open(sys.argv[2], encoding="utf-8"):
    o = json.loads(line)
    seen.add(o["type"])
    for e in checks[o["type"]].iter_errors(o) if o["type"] in checks else ["no such type"]:
        bad += 1
        print(line[:200], getattr(e, "message", e))
print(" ".join(sorted(seen)))
sys.exit(bad > 0)
PY
    ok 'the lines are as the schema says' python3 -W ignore check.py "$docs/output.schema.json" lines.jsonl
    t python3 -W ignore check.py "$docs/output.schema.json" lines.jsonl <<'EOF'
cell change copy end error facet hit kwic period query related side source term word
= 0
EOF
    echo '{"type":"hit","rank":1,"score":"high","id":"a"}' >wrong.jsonl
    ok 'a wrong line is seen' bash -c "! python3 -W ignore check.py '$docs/output.schema.json' wrong.jsonl"
else
    skip 'python3-jsonschema is not installed'
fi
finish
