/* hyphen_data.S: the known words, part of the program so that installing is copying one file. Assembled from the root of the
 * source tree. */
        .section .rodata
        .global nd_words_filter
        .global nd_words_filter_size
        .type   nd_words_filter, %object
        .type   nd_words_filter_size, %object
        .balign 64
nd_words_filter:
        .incbin "indexer/formats/data/words.filter"
nd_words_filter_end:
        .size   nd_words_filter, nd_words_filter_end - nd_words_filter
        .balign 8
nd_words_filter_size:
        .quad   nd_words_filter_end - nd_words_filter
        .size   nd_words_filter_size, 8
        .section .note.GNU-stack,"",%progbits
