# sources.jq: a table of queries and sources out of
#     newsq batch facet source --format jsonl -d INDEX < queries.txt | jq -rn -f sources.jq
# Facet lines belong to the end line that follows them; an error line stands for a whole answer.
def answers:
  foreach inputs as $line ({rows: []};
    if .closed then {rows: []} else . end
    | if $line.type == "facet" then .rows += [$line]
      else .closed = $line end;
    select(.closed));
answers
| .closed as $last
| if $last.type == "error" then
    "line \($last.line): \($last.message)"
  else
    (.rows | map(.count) | add // 0) as $with
    | "\($last.query)\t\($last.total)\t"
      + (.rows | map("\(.value) \(.count * 100 / $with | round) %") | join(", "))
  end
