/* Fuzz target: posting lists, lengths and data of documents, read from a table of any bytes whose checksums are right.
 * Input: a byte for the size of blocks, one for the levels above the leaves, two for the root block, the blocks. */
#include "record/docdata.h"
#include "record/postlist.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    HEAD = 4,
    BLOCKS_MAX = 64,
    DOCS = 100000,
    POSTINGS_MAX = 1 << 16
};

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* Whatever comes out of a list rises. */
static void read_list(struct nd_tablesums *t, const char *term, uint32_t leap)
{
    struct nd_postlist *p;
    uint32_t docids[100], wdfs[100], last = 0;
    size_t n, all = 0;
    if (nd_postlist_open(&p, t, term, strlen(term), NULL))
        return;
    must(nd_postlist_freq(p) > 0);
    while (all < POSTINGS_MAX) {
        if (leap) {
            if (last > UINT32_MAX - leap || nd_postlist_skip(p, last + leap, docids, wdfs, NULL))
                break;
            must(docids[0] >= last + leap);
            last = docids[0];
            all++;
        }
        if (nd_postlist_fill(p, docids, leap ? NULL : wdfs, leap ? 3 : 100, &n, NULL))
            break;
        for (size_t i = 0; i < n; i++) {
            must(docids[i] > last);
            last = docids[i];
        }
        all += n;
    }
    nd_postlist_close(p);
}

static void read_documents(struct nd_tablesums *t)
{
    struct nd_lengths *l;
    struct nd_buf b;
    uint32_t length, docid = 1;
    if (nd_lengths_open(&l, t, DOCS, NULL))
        return;
    nd_buf_init(&b, 1 << 20);
    for (int i = 0; i < 40; i++) {
        nd_lengths_get(l, docid, &length, NULL);
        nd_buf_reset(&b);
        nd_docdata_get(&b, t, docid, NULL);
        docid = docid * 3 % DOCS + 1;
    }
    nd_lengths_close(l);
    nd_buf_free(&b);
}

/* One file with these bytes and as many zeros as make it blocks. Return: number of blocks. */
static uint32_t write_table(const char *path, const uint8_t *data, size_t n, uint32_t block,
                            uint32_t *sums)
{
    uint32_t blocks = (uint32_t)((n + block - 1) / block);
    blocks = blocks == 0 ? 1 : blocks > BLOCKS_MAX ? BLOCKS_MAX : blocks;
    unsigned char *all = calloc(blocks, block);
    must(all);
    memcpy(all, data, n < (size_t)blocks * block ? n : (size_t)blocks * block);
    for (uint32_t i = 0; i < blocks; i++)
        sums[i] = nd_tablesums_of(all + (size_t)i * block, block, i);
    must(nd_file_write(path, all, (size_t)blocks * block, NULL) == 0);
    free(all);
    return blocks;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const terms[] = {"a", "Zkim", "Zthe", "Zwar", "zz"};
    /* in memory where there is such a folder: each file is synced */
    char shm[] = "/dev/shm/fuzz-tables-XXXXXX", tmp[] = "/tmp/fuzz-tables-XXXXXX";
    char *dir = access("/dev/shm", W_OK) == 0 ? shm : tmp;
    char postlist[64], docdata[64], iamglass[64], file[64];
    struct nd_table_written tables[ND_TABLES] = {{0}};
    uint32_t sums[BLOCKS_MAX];
    struct nd_tablesums *t;
    if (size < HEAD)
        return 0;
    must(mkdtemp(dir) != NULL);
    snprintf(postlist, sizeof postlist, "%s/postlist.glass", dir);
    snprintf(docdata, sizeof docdata, "%s/docdata.glass", dir);
    snprintf(iamglass, sizeof iamglass, "%s/iamglass", dir);
    snprintf(file, sizeof file, "%s/sums", dir);
    uint32_t block = 2048u << data[0] % 6;
    uint32_t blocks = write_table(postlist, data + HEAD, size - HEAD, block, sums);
    write_table(docdata, data + HEAD, size - HEAD, block, sums);
    tables[ND_TABLE_POSTLIST] = tables[ND_TABLE_DOCDATA] =
        (struct nd_table_written){.blocks = blocks,
                                  .block_size = block,
                                  .root = (data[2] | (uint32_t)data[3] << 8) % blocks,
                                  .levels = data[1] % 10,
                                  .sums = sums};
    must(nd_file_write(iamglass, "x", 1, NULL) == 0);
    must(nd_tablesums_write(dir, tables, "x", 1, NULL) == 0);
    if (nd_tablesums_open(&t, dir, NULL) == 0) {
        for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
            uint32_t freq;
            uint64_t places;
            nd_postlist_stats(&freq, &places, t, terms[i], strlen(terms[i]), NULL);
            read_list(t, terms[i], 0);
            read_list(t, terms[i], 1);
            read_list(t, terms[i], 700);
        }
        read_documents(t);
        nd_tablesums_close(t);
    }
    unlink(postlist);
    unlink(docdata);
    unlink(iamglass);
    unlink(file);
    rmdir(dir);
    return 0;
}
