#!/usr/bin/env bash
# add and convert: bad records and files are named, counted and skipped; nothing else is lost.
. "$(dirname "$0")/lib.sh"

cat >bad.jsonl <<'X'
{"id":"g1","title":"Good","body":"The first good record."}
{"id":"b1","title":"Cut off
not json at all
["an array"]
42
{"id":"g2","title":"Good","body":"The second good record."}
{"id":"g3","title":"Good","body":"The third good record."}
X
t newsdex add -d bad --rejects rejects.tsv bad.jsonl <<'EOF'
! bad.jsonl:2: not JSON at byte 27: a string is not closed
! bad.jsonl:3: not JSON at byte 4: there is text after the value
! bad.jsonl:4: the record is not a JSON object
! bad.jsonl:5: the record is not a JSON object
! 3 articles added to 'bad'; 0.0 MB of text in N s
! articles with: id 100 %, title 100 %, body 100 %
! 4 bad records or files were skipped
= 5
EOF
t cat rejects.tsv <<'EOF'
bad.jsonl:2: not JSON at byte 27: a string is not closed	59
bad.jsonl:3: not JSON at byte 4: there is text after the value	87
bad.jsonl:4: the record is not a JSON object	103
bad.jsonl:5: the record is not a JSON object	116
= 0
EOF
t newsq count -d bad <<'EOF'
3
= 0
EOF
t newsdex convert -q bad.jsonl --allow-bad 4 --rejects r.tsv <<'EOF'
{"id":"g1","title":"Good","body":"The first good record.","origin":{"file":"bad.jsonl","offset":0,"length":58}}
{"id":"g2","title":"Good","body":"The second good record.","origin":{"file":"bad.jsonl","offset":119,"length":59}}
{"id":"g3","title":"Good","body":"The third good record.","origin":{"file":"bad.jsonl","offset":179,"length":58}}
! bad.jsonl:2: not JSON at byte 27: a string is not closed
! bad.jsonl:3: not JSON at byte 4: there is text after the value
! bad.jsonl:4: the record is not a JSON object
! bad.jsonl:5: the record is not a JSON object
= 0
EOF
rm -rf bad
newsdex add -q -d bad --allow-bad 4 bad.jsonl 2>/dev/null
is "--allow-bad 4" 0 $?
rm -rf bad
newsdex add -q -d bad --allow-bad 3 bad.jsonl 2>/dev/null
is "--allow-bad 3" 5 $?
rm -rf bad
newsdex add -q -d bad --allow-bad 60% bad.jsonl 2>/dev/null
is "--allow-bad 60%" 0 $?
rm -rf bad
newsdex add -q -d bad --allow-bad 50% bad.jsonl 2>/dev/null
is "--allow-bad 50%" 5 $?
t newsdex add -d bad --allow-bad some bad.jsonl <<'EOF'
! newsdex: --allow-bad 'some' is neither a number nor a share
! hint: write --allow-bad 100 or --allow-bad 1%
= 2
EOF
t newsdex add -d bad --rejects no/such/folder/r bad.jsonl <<'EOF'
! newsdex: cannot create 'no/such/folder/r': no such file or directory
= 3
EOF

# a bad record in an array
printf '[{"id":"a1","body":"one"},{"id":"a2" "body":"two"},{"id":"a3","body":"three"}]' >bad.json
t newsdex convert bad.json <<'EOF'
{"id":"a1","body":"one","origin":{"file":"bad.json","offset":1,"length":24}}
{"id":"a3","body":"three","origin":{"file":"bad.json","offset":51,"length":26}}
! bad.json:2: not JSON at byte 11: a value, comma, colon or bracket is missing or misplaced
! articles with: id 100 %, body 100 %
! 1 bad record or file was skipped
= 5
EOF
printf '[{"id":"a1","body":"one"},{"id":"a2","body":"tw' >cut.json
t newsdex convert cut.json <<'EOF'
{"id":"a1","body":"one","origin":{"file":"cut.json","offset":1,"length":24}}
! cut.json:2: the file ends inside an object
! cut.json:3: the file ends before the array is closed
! articles with: id 100 %, body 100 %
! 2 bad records or files were skipped
= 5
EOF

# nothing in it
: >empty.jsonl
t newsdex add -d empty empty.jsonl <<'EOF'
! 0 articles added to 'empty'
= 0
EOF
t newsdex info -d empty <<'EOF'
folder     empty
uuid       UUID
revision   1
articles   0
words      0; 0 different, added over segments
segments   0
size       0.00 MiB
  ledger-1              0.00 MiB   0.0 %
= 0
EOF
t newsq -d empty anything <<'EOF'
= 1
EOF
t newsq count -d empty <<'EOF'
0
= 1
EOF
t newsq facet -d empty source <<'EOF'
= 1
EOF
t newsq -d empty --format jsonl 'kim w/5 "putin met"' <<'EOF'
{"type":"end","version":1,"total":0,"exact":true,"query":"kim w/5 \"putin met\"","uuid":"UUID","revision":1}
= 1
EOF
printf '\n\n  \n' >blank.jsonl
t newsdex convert blank.jsonl --input-format json <<'EOF'
= 0
EOF
mkdir none
t newsdex add -d none-index none <<'EOF'
! 0 articles added to 'none-index'
= 0
EOF

# records that lack this or that
printf '%s\n' '{"id":"n1","title":"A title alone"}' '{"id":"n2","body":"A body alone."}' '{"id":"n3"}' '{}' \
    '{"id":"n5","title":null,"body":"Null title."}' '{"id":"n6","title":["odd"],"body":{"text":"Odder"}}' '{"id":"","body":"Empty id."}' >lack.jsonl
t newsdex convert lack.jsonl <<'EOF'
{"id":"n1","title":"A title alone","origin":{"file":"lack.jsonl","offset":0,"length":35}}
{"id":"n2","body":"A body alone.","origin":{"file":"lack.jsonl","offset":36,"length":34}}
{"id":"n5","body":"Null title.","origin":{"file":"lack.jsonl","offset":86,"length":45}}
{"id":"n6","title":"odd","body":"Odder","origin":{"file":"lack.jsonl","offset":132,"length":51}}
{"id":"nd-f307c0a2e33908f0bb084889abd870dc","body":"Empty id.","origin":{"file":"lack.jsonl","offset":184,"length":28}}
! lack.jsonl:3: the record has neither a title nor a text
! lack.jsonl:4: the record has neither a title nor a text
! articles with: id 80.0 %, title 40.0 %, body 80.0 %
! 2 bad records or files were skipped
= 5
EOF

# the same key twice; deep nesting
printf '%s\n' '{"id":"k1","title":"one","title":"two","body":"x"}' >twice.jsonl
t eval "newsdex convert -q twice.jsonl | sed 's/,\"origin.*//'" <<'EOF'
{"id":"k1","title":"two","body":"x"
= 0
EOF
{ printf '{"id":"deep","body":"x","more":'; head -c 100000 /dev/zero | tr '\0' '['; head -c 100000 /dev/zero | tr '\0' ']'; echo '}'; echo '{"id":"after","body":"x"}'; } >deep.jsonl
newsdex convert -q deep.jsonl >out 2>err
ok "a record after one too deep is read" grep -q '"id":"after"' out

# NUL bytes and broken UTF-8 are repaired or refused, never fatal
printf '{"id":"z1","body":"a\\u0000b and a raw \0 byte"}\n{"id":"z2","body":"good"}\n' >nul.jsonl
newsdex add -q -d nul nul.jsonl 2>err
status=$?
ok "NUL bytes end with 0 or 5" [ $status -eq 0 -o $status -eq 5 ]
is "the record after NUL is there" z2 "$(newsq -l -d nul good)"
printf '{"id":"u1","title":"Caf\xe9 \xff\xfe","body":"latin \xe9t\xe9 and \xed\xa0\x80 surrogate"}\n{"id":"u2","body":"good"}\n' >utf8.jsonl
t newsdex convert utf8.jsonl <<'EOF'
{"id":"u1","title":"Caf� ��","body":"latin �t� and ��� surrogate","origin":{"file":"utf8.jsonl","offset":0,"length":66}}
{"id":"u2","body":"good","origin":{"file":"utf8.jsonl","offset":67,"length":25}}
! articles with: id 100 %, title 50.0 %, body 100 %
! 8 ill-formed UTF-8 sequences were replaced
= 0
EOF
printf 'Broken text \xc3\x28 here\n\nAnd a body \xf0\x28\x8c\xbc.\n' >utf8.txt
t eval "newsdex convert utf8.txt | sed 's/,\"origin.*//'" <<'EOF'
{"id":"nd-9c358db7714aca2c3e1e9e4408ad8168","title":"Broken text �( here","body":"And a body �(��."
! articles with: title 100 %, body 100 %
! 4 ill-formed UTF-8 sequences were replaced
= 0
EOF
printf '\xef\xbb\xbf{"id":"bom","body":"After a byte order mark."}\n' >bom.jsonl
t eval "newsdex convert -q bom.jsonl | sed 's/,\"origin.*//'" <<'EOF'
{"id":"bom","body":"After a byte order mark."
= 0
EOF
printf '{"id":"crlf","body":"Lines end in CR LF."}\r\n{"id":"crlf2","body":"Both."}\r\n' >crlf.jsonl
t eval "newsdex convert -q crlf.jsonl | sed 's/,\"origin.*//'" <<'EOF'
{"id":"crlf","body":"Lines end in CR LF."
{"id":"crlf2","body":"Both."
= 0
EOF
head -c 100000 /dev/urandom >noise.bin
newsdex convert -q noise.bin >/dev/null 2>err
ok "noise is refused or skipped" [ $? -eq 5 ]

# a line of 100 MB: taken or refused, the next record is read
{ printf '{"id":"long","body":"'; head -c 100000000 /dev/zero | tr '\0' 'a'; printf '"}\n{"id":"next","body":"After the long line."}\n'; } >long.jsonl
newsdex add -q -j 1 -d long long.jsonl 2>err
status=$?
ok "a line of 100 MB ends with 0 or 5" [ $status -eq 0 -o $status -eq 5 ]
is "the record after it is there" next "$(newsq -l -d long after)"
rm long.jsonl

# files that cannot be read
t newsdex add -d files no-such-file.jsonl neither-this.jsonl <<'EOF'
! newsdex: cannot read 'no-such-file.jsonl': no such file or directory
! hint: none of the 2 names given is there
= 2
EOF
t newsdex add -d files --files-from no-such-list <<'EOF'
! newsdex: cannot open 'no-such-list': no such file or directory
= 2
EOF
t newsdex add -d files no-such-file.jsonl <<'EOF'
! newsdex: cannot read 'no-such-file.jsonl': no such file or directory
= 2
EOF
t newsdex add -d files <<'EOF'
! newsdex: nothing to read
! hint: name files or folders, or - for standard input
= 2
EOF
t newsdex add bad.jsonl <<'EOF'
! newsdex: which index?
! hint: name its folder with -d DIR, or set NEWSDEX_INDEX
= 2
EOF
t eval "newsdex add -d files --input-format nonsense bad.jsonl 2>&1 | head -n 1" <<'EOF'
newsdex: 'nonsense' is not an input format
= 0
EOF
printf '{"id":"g","body":"good"}\n' >good.jsonl
t newsdex add -d files no-such-file.jsonl good.jsonl neither-this.jsonl <<'EOF'
! cannot read 'no-such-file.jsonl': no such file or directory
! cannot read 'neither-this.jsonl': no such file or directory
! 1 article added to 'files'; 0.0 MB of text in N s
! articles with: id 100 %, body 100 %
! 2 bad records or files were skipped
= 5
EOF
t newsq count -d files <<'EOF'
1
= 0
EOF
# folders and files without rights, as a user whom they bind
if [ "$(id -u)" -eq 0 ]; then
    as_user() { setpriv --reuid=65534 --regid=65534 --clear-groups "$bin/$1" "${@:2}"; }
    chmod 755 "$lib_dir" .
else
    as_user() { "$@"; }
fi
if as_user newsq --version >/dev/null 2>&1; then
    mkdir locked && cp good.jsonl secret.jsonl && chmod 500 locked && chmod 000 secret.jsonl
    t as_user newsdex convert -q secret.jsonl <<'EOF'
! cannot read file 'secret.jsonl': permission denied
= 5
EOF
    t as_user newsdex convert -q secret.jsonl good.jsonl <<'EOF'
{"id":"g","body":"good","origin":{"file":"good.jsonl","offset":0,"length":24}}
! cannot read file 'secret.jsonl': permission denied
= 5
EOF
    t as_user newsdex add -d locked/index good.jsonl <<'EOF'
! newsdex: cannot create folder 'locked/index': permission denied
= 3
EOF
    newsdex add -q -d kept good.jsonl && chmod -R a-w kept
    t as_user newsdex add -d kept bad.jsonl <<'EOF'
! newsdex: cannot create 'kept/lock': permission denied
= 3
EOF
    t as_user newsdex delete --yes -d kept g <<'EOF'
! newsdex: cannot create 'kept/lock': permission denied
= 3
EOF
    t as_user newsdex merge -d kept <<'EOF'
! newsdex: cannot create 'kept/lock': permission denied
= 3
EOF
    t as_user newsq count -d kept <<'EOF'
1
= 0
EOF
    t as_user newsdex verify -q -d kept <<'EOF'
= 0
EOF
    chmod -R u+w kept locked
else
    skip "no other user can run the programs here"
fi
printf x >plainfile
t newsdex add -d plainfile good.jsonl <<'EOF'
! newsdex: cannot open folder 'plainfile': not a directory
= 3
EOF
t newsdex add -d no/such/parent good.jsonl <<'EOF'
! newsdex: cannot create folder 'no/such/parent': no such file or directory
= 3
EOF

# the JSON test suite: what must parse is read or refused by name, nothing crashes
if [ -n "$shared" ] && [ -r "$shared/hostile.tar.xz" ]; then
    tar -xf "$shared/hostile.tar.xz"
    crashed='' wrong=''
    [ "$sanitized" ] || while IFS= read -r -d '' f; do
        newsdex convert -q "$f" >/dev/null 2>err
        status=$?
        case $status in 0 | 2 | 5) ;; *) crashed+=" $f:$status" ;; esac
        [ $status -eq 0 ] || [[ $(<err) == *"${f##*/}"* ]] || wrong+=" $f"
    done < <(find hostile -type f -print0)
    is "hostile files, each" '' "$crashed"
    is "those that fail are named" '' "$wrong"
    newsdex add -q -d hostile-index --allow-bad 100% hostile >/dev/null 2>&1
    is "hostile files, all at once" 0 $?
    ok "the index opens after them" newsdex info -d hostile-index
else
    skip "no hostile.tar.xz"
fi
finish
