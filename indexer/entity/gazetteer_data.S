/* gazetteer_data.S: the gazetteer file, part of the program so that installing is copying one file. Assembled from the root of the
 * source tree. */
        .section .rodata
        .global nd_gazetteer_data
        .global nd_gazetteer_data_size
        .type   nd_gazetteer_data, %object
        .type   nd_gazetteer_data_size, %object
        .balign 64
nd_gazetteer_data:
        .incbin "indexer/entity/data/names.gazetteer"
nd_gazetteer_data_end:
        .size   nd_gazetteer_data, nd_gazetteer_data_end - nd_gazetteer_data
        .balign 8
nd_gazetteer_data_size:
        .quad   nd_gazetteer_data_end - nd_gazetteer_data
        .size   nd_gazetteer_data_size, 8
        .section .note.GNU-stack,"",%progbits
