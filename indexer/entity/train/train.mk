# train.mk: `make model` trains the name model from the data folder, `make ner-eval` measures it. Included by the Makefile.
# The data is not part of the source; see indexer/entity/data/README.md. Intermediate files go to $(B)/ner.
NER_DATA ?= ../shared/data
NER      := $(B)/ner
NER_DIR  := indexer/entity/train
NER_SRC  := $(wildcard $(NER_DIR)/*.c)
# Training alone is compiled for the machine at hand; the tagger never is.
NER_FAST := -O3 -march=native -ffast-math

.PHONY: model ner-eval
$(NER)/crf_train.o: $(NER_DIR)/crf_train.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(NER_FAST) $(BANNED) -MMD -MP -c -o $@ $<
$(NER)/cluster.o: $(NER_DIR)/cluster.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(NER_FAST) $(BANNED) -MMD -MP -c -o $@ $<
$(NER)/%.o: $(NER_DIR)/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(BANNED) -MMD -MP -c -o $@ $<

NER_LIBS := $(B)/libindexer.a $(B)/libcommon.a
$(NER)/train: $(NER)/train.o $(NER)/crf_train.o $(NER)/corpus.o $(NER)/table.o $(NER_LIBS)
$(NER)/eval: $(NER)/eval.o $(NER)/corpus.o $(NER_LIBS)
$(NER)/text: $(NER)/text.o $(NER)/corpus.o $(NER_LIBS)
$(NER)/cluster: $(NER)/cluster.o $(NER_LIBS)
$(NER)/train $(NER)/eval $(NER)/text $(NER)/cluster:
	$(CXX) $(LDFLAGS) -o $@ $^ $(LIBS_INDEXER) $(LIBS_COMMON)

model: $(NER)/train $(NER)/text $(NER)/cluster ## train the name model from ../shared/data (about 10 minutes)
	@NER_DATA=$(NER_DATA) $(NER_DIR)/make_model.sh $(NER)

ner-eval: $(NER)/eval ## precision, recall and F1 of the name model on held-out data
	@NER_DATA=$(NER_DATA) $(NER_DIR)/evaluate.sh $(NER)
