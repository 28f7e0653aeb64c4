#!/bin/sh
# evaluate.sh FOLDER [MODEL]: precision, recall and F1 by set and type; FOLDER holds the program. Without MODEL that of the
# program. NER_DATA is the data folder.
set -eu
work=$1
data=${NER_DATA:-../shared/data}
model=${2:+-m $2}
if [ ! -r "$data/ner/wikigold.tsv.xz" ]; then
    echo "make ner-eval: '$data/ner' is not there" >&2
    echo "hint: NER_DATA=FOLDER make ner-eval" >&2
    exit 1
fi
# shellcheck disable=SC2086
exec "$work/eval" $model -t -d "$data/ner/ww_dev_docs.txt" "$data/ner/ww_train.tsv.xz" \
    "$data/ner/wikigold.tsv.xz" "$data/ner/gmb_test.tsv.xz" "$data/ner/wnut_test.tsv.xz"
