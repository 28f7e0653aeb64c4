# newsdex: `make demo` installs what is missing, builds, indexes the sample and asks it;
# `make check` runs the tests; `make help` lists the rest.
VERSION  := 0.1.0-dev
PREFIX   ?= /usr/local
DESTDIR  ?=
CC       := gcc
CXX      := g++
# One folder of objects per flavour: gcc, clang, san, tsan, cover.
FLAVOUR  ?= gcc
B        := build/$(FLAVOUR)
OPT      ?= -O2 -g
EXTRA    ?=
CPPFLAGS := -D_GNU_SOURCE -DNEWSDEX_VERSION='"$(VERSION)"' -Icommon -Iindexer -Iquery -Itests -I/usr/include/libxml2
WARN     := -Wall -Wextra -Werror
CFLAGS   := -std=gnu17 $(WARN) -Wstrict-prototypes -Wmissing-prototypes $(OPT) -pthread $(EXTRA)
CXXFLAGS := -std=gnu++17 $(WARN) $(OPT) -pthread $(EXTRA)
LDFLAGS  := -pthread $(EXTRA) -Wl,--as-needed
FUZZ_MAIN ?= $(B)/tests/fuzz/replay.o
BANNED   := -include base/banned.h
# newsq links nothing that only the indexer needs: each program names its own libraries.
LIBS_COMMON  := -lxapian -lstemmer -lutf8proc -lsimdjson -lzstd -lz -lxxhash -lm
# Its start is part of every query: small libraries are linked in and nothing of its own is relocated at the
# start (their tables of pointers alone are a hundred page faults).
LIBS_NEWSQ   := -lxapian -lsimdjson -Wl,-Bstatic -lstemmer -lutf8proc -lzstd -Wl,-Bdynamic -lz -lm
NEWSQ_LINK   := -no-pie
LIBS_INDEXER := -larchive -lxml2 -lgumbo -luchardet -lcsv -lyaml -lcld2 $(shell pkg-config --libs gmime-3.0 2>/dev/null)
# glib's headers, for the one file that reads mail
$(B)/indexer/formats/mail_parts.o: CPPFLAGS += $(shell pkg-config --cflags gmime-3.0 2>/dev/null)
LIBS_ORACLE  := -ljansson -lstemmer -lutf8proc

COMMON_SRC  := $(wildcard common/*/*.c) $(wildcard common/*/*.cc)
INDEXER_SRC := $(filter-out indexer/main.c,$(wildcard indexer/*.c indexer/*/*.c indexer/*/*.cc indexer/*/*.S))
QUERY_SRC   := $(filter-out query/main.c,$(wildcard query/*.c query/*/*.c))
UNIT_SRC    := $(wildcard tests/unit/test_*.c)
ORACLE_SRC  := $(wildcard tests/oracle/*.c)
BENCH_SRC   := $(wildcard tests/bench/*.c)

obj = $(patsubst %,$(B)/%.o,$(basename $(1)))
UNIT_BIN := $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNIT_SRC))

.PHONY: formats-gold fuzz-afl all demo check unit unit-build unit-objects oracle-small generate fault fault-small fuzz fuzz-build fuzz-replay model gazetteer cli oracle lint san valgrind clang bench relevance format install uninstall deb dist clean help
.SECONDARY:
all: $(B)/newsdex $(B)/newsq ## build both programs

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(BANNED) -MMD -MP -c -o $@ $<
$(B)/%.o: %.cc
	@mkdir -p $(@D)
	$(CXX) $(CPPFLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<
ifeq ($(shell uname -m),x86_64)
$(B)/common/base/hash_avx2.o: CFLAGS += -mavx2
endif
# data files that are part of the program: gazetteer, tagger's model
$(B)/%.o: %.S
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<
$(B)/indexer/entity/gazetteer_data.o: indexer/entity/data/names.gazetteer
$(B)/indexer/formats/hyphen_data.o: indexer/formats/data/words.filter
$(B)/indexer/entity/model_data.o: indexer/entity/data/names.model

$(B)/libcommon.a: $(call obj,$(COMMON_SRC))
	@rm -f $@; ar rcs $@ $^
$(B)/libindexer.a: $(call obj,$(INDEXER_SRC))
	@rm -f $@; ar rcs $@ $^
$(B)/libquery.a: $(call obj,$(QUERY_SRC))
	@rm -f $@; ar rcs $@ $^
$(B)/newsdex: $(B)/indexer/main.o $(B)/libindexer.a $(B)/libcommon.a
	$(CXX) $(LDFLAGS) -o $@ $^ $(LIBS_INDEXER) $(LIBS_COMMON)
$(B)/newsq: $(B)/query/main.o $(B)/libquery.a $(B)/libcommon.a
	$(CXX) $(LDFLAGS) $(NEWSQ_LINK) -o $@ $^ $(LIBS_NEWSQ)
$(B)/unit/test_%: $(B)/tests/unit/test_%.o $(B)/tests/check.o $(B)/libindexer.a $(B)/libquery.a $(B)/libcommon.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ $(LIBS_INDEXER) $(LIBS_COMMON)

-include $(shell find build -name '*.d' 2>/dev/null)

demo: ## install what is missing, build, index corpora/, run showcase queries
	@tests/need.sh build
	@$(MAKE) -s -j2 all
	@corpora/demo.sh $(B)

check: ## build, run all tests, sanitizers, clang, valgrind; seconds per part
	@tests/need.sh check
	@tests/check-all.sh

unit-build: $(UNIT_BIN)
unit: $(UNIT_BIN) ## run the unit tests
	@tests/run.sh $(UNIT_BIN)

cli: all ## run the command-line tests against golden text
	@ND_BIN=$(B) tests/run.sh tests/cli/*.t

FORMATS_GOLD := $(addprefix $(B)/unit/test_,json csv utf8 feed html newsml warc mediawiki)
formats-gold: $(FORMATS_GOLD) ## scores of the readers on the shared samples with gold
	@tests/gold.sh $(FORMATS_GOLD)

oracle: $(B)/oracle all ## compare the index with a brute-force scan, at length
	@ND_BIN=$(B) tests/oracle/agree.sh full

oracle-small: $(B)/oracle all
	@ND_BIN=$(B) tests/oracle/agree.sh small

$(B)/oracle: $(call obj,$(ORACLE_SRC))
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_ORACLE)

$(B)/generate: $(B)/corpora/generate.o
	$(CC) $(LDFLAGS) -o $@ $^ -lm
generate: $(B)/generate ## build the generator of synthetic articles (corpora/README.md)

FAULT_BIN := $(B)/fault/io.so $(B)/fault/corrupt
$(B)/fault/io.so: tests/fault/io.c
	@mkdir -p $(@D)
	$(CC) -O2 -shared -fPIC -o $@ $< -ldl
$(B)/fault/corrupt: $(B)/tests/fault/corrupt.o $(B)/tests/check.o $(B)/libindexer.a $(B)/libquery.a $(B)/libcommon.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) -o $@ $^ $(LIBS_INDEXER) $(LIBS_COMMON)
fault-small: all $(FAULT_BIN)
	@tests/fault/short.sh $(B)
fault: all $(FAULT_BIN) ## kills, failing system calls and damaged files, at length (DUMP=FILE)
	ND_BIN=$(B) tests/fault/kill.sh 200
	ND_BIN=$(B) tests/fault/io.sh 12
	ND_BIN=$(B) $(B)/fault/corrupt 500 5000

FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
REPLAY_BIN := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(FUZZ_SRC))
$(B)/fuzz/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(FUZZ_MAIN) $(B)/libindexer.a $(B)/libquery.a $(B)/libcommon.a
	@mkdir -p $(@D)
	$(CXX) $(LDFLAGS) $(FUZZ_LINK) -o $@ $^ $(LIBS_INDEXER) $(LIBS_COMMON)
fuzz-replay: $(REPLAY_BIN)
	@tests/fuzz/run.sh replay $(REPLAY_BIN)
FUZZ_SECONDS ?= 60
fuzz: ## fuzz every target for FUZZ_SECONDS with libFuzzer
	@$(MAKE) -s -j2 FLAVOUR=fuzz CC=clang CXX=clang++ OPT="-O1 -g" FUZZ_LINK=-fsanitize=fuzzer FUZZ_MAIN= \
		EXTRA="-fsanitize=address,undefined,fuzzer-no-link -fno-omit-frame-pointer" fuzz-build
	@tests/fuzz/run.sh fuzz $(FUZZ_SECONDS) $(patsubst tests/fuzz/%.c,build/fuzz/fuzz/%,$(FUZZ_SRC))
# AFL++ links its own driver for the same targets; then, of one of them:
#   afl-fuzz -i tests/fuzz/seed/csv -o build/afl/out -- build/afl/fuzz/fuzz_csv
fuzz-afl: ## build the fuzz targets for AFL++ (afl-fuzz)
	@AFL_QUIET=1 $(MAKE) -s -j2 FLAVOUR=afl CC=afl-clang-fast CXX=afl-clang-fast++ OPT="-O1 -g" FUZZ_LINK=-fsanitize=fuzzer \
		FUZZ_MAIN= EXTRA="-fno-omit-frame-pointer" fuzz-build
fuzz-build: $(REPLAY_BIN)

lint: ## check the project's own rules
	@tests/run.sh tests/lint/*.sh

SAN := FLAVOUR=san OPT="-O1 -g1" EXTRA="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
san: san-build ## unit and command-line tests under ASan and UBSan
	@$(MAKE) -s $(SAN) unit cli
san-build:
	@$(MAKE) -s -j2 $(SAN) all unit-build
# san-unit, san-cli, san-fuzz-replay: one part of it
san-%:
	@$(MAKE) -s -j2 $(SAN) $*

valgrind: all ## ten command-line cases under valgrind
	@ND_BIN=$(B) tests/valgrind.sh

clang: ## compile everything with clang, for its warnings
	@$(MAKE) -s -j2 FLAVOUR=clang CC=clang CXX=clang++ OPT=-O0 all unit-objects
unit-objects: $(UNIT_BIN:$(B)/unit/%=$(B)/tests/unit/%.o)

.PHONY: arm san-build
arm: ## the scan of streams on 64-bit ARM, under qemu
	@tests/arm.sh

bench: all ## rates, sizes and latencies beside other engines
	@ND_BIN=$(B) tests/bench/run.sh

# manual pages and completions come out of the programs' own tables
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
MANDIR  ?= $(PREFIX)/share/man
MADE    := $(addprefix $(B)/made/,newsdex.1 newsq.1 newsq-query.7 newsdex.bash newsq.bash _newsdex _newsq newsdex.fish newsq.fish)
$(B)/made/newsdex.1: indexer/newsdex.1 $(B)/newsdex
	@mkdir -p $(@D)
	$(B)/newsdex --generate manual $< > $@.new && mv $@.new $@
$(B)/made/newsq.1: query/newsq.1 $(B)/newsq
	@mkdir -p $(@D)
	$(B)/newsq --generate manual $< > $@.new && mv $@.new $@
$(B)/made/newsq-query.7: query/newsq-query.7 $(B)/newsq
	@mkdir -p $(@D)
	$(B)/newsq --generate manual $< > $@.new && mv $@.new $@
$(B)/made/%.bash: $(B)/%
	@mkdir -p $(@D)
	$< --generate completion-bash > $@.new && mv $@.new $@
$(B)/made/_%: $(B)/%
	@mkdir -p $(@D)
	$< --generate completion-zsh > $@.new && mv $@.new $@
$(B)/made/%.fish: $(B)/%
	@mkdir -p $(@D)
	$< --generate completion-fish > $@.new && mv $@.new $@

relevance: all ## nDCG@10 on a collection with judged queries
	@ND_BIN=$(B) tests/relevance/run.sh

install: all $(MADE) ## install under $(DESTDIR)$(PREFIX)
	install -d $(addprefix $(DESTDIR),$(PREFIX)/bin $(MANDIR)/man1 $(MANDIR)/man7 $(BASHDIR) $(ZSHDIR) $(FISHDIR))
	install -m 755 $(B)/newsdex $(B)/newsq $(DESTDIR)$(PREFIX)/bin
	install -m 644 $(B)/made/newsdex.1 $(B)/made/newsq.1 $(DESTDIR)$(MANDIR)/man1
	install -m 644 $(B)/made/newsq-query.7 $(DESTDIR)$(MANDIR)/man7
	install -m 644 $(B)/made/newsdex.bash $(DESTDIR)$(BASHDIR)/newsdex
	install -m 644 $(B)/made/newsq.bash $(DESTDIR)$(BASHDIR)/newsq
	install -m 644 $(B)/made/_newsdex $(B)/made/_newsq $(DESTDIR)$(ZSHDIR)
	install -m 644 $(B)/made/newsdex.fish $(B)/made/newsq.fish $(DESTDIR)$(FISHDIR)

uninstall: ## remove what install put there
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,newsdex newsq) $(addprefix $(DESTDIR)$(BASHDIR)/,newsdex newsq) \
		$(addprefix $(DESTDIR)$(MANDIR)/,man1/newsdex.1 man1/newsq.1 man7/newsq-query.7) \
		$(addprefix $(DESTDIR)$(ZSHDIR)/,_newsdex _newsq) $(addprefix $(DESTDIR)$(FISHDIR)/,newsdex.fish newsq.fish)

deb: ## build a Debian package in build/
	+@packaging/deb.sh $(VERSION) $(B)

dist: ## a tarball of what is committed, in build/
	@packaging/dist.sh $(VERSION)

-include indexer/entity/train/train.mk

gazetteer: ## make the file of names from ../shared/data/gazetteer (needs PyYAML and libxxhash)
	python3 indexer/entity/data/make_gazetteer.py ../shared/data/gazetteer indexer/entity/data/names.gazetteer

format: ## format the C and C++ files
	clang-format -i $$(git ls-files '*.c' '*.h' '*.cc' '*.hh')

clean: ## remove what was built
	rm -rf build demo

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12
