/* model_data.S: the model file, part of the program so that installing is copying one file. Assembled from the root of the
 * source tree. */
        .section .rodata
        .global nd_model_data
        .global nd_model_data_size
        .type   nd_model_data, %object
        .type   nd_model_data_size, %object
        .balign 64
nd_model_data:
        .incbin "indexer/entity/data/names.model"
nd_model_data_end:
        .size   nd_model_data, nd_model_data_end - nd_model_data
        .balign 8
nd_model_data_size:
        .quad   nd_model_data_end - nd_model_data
        .size   nd_model_data_size, 8
        .section .note.GNU-stack,"",%progbits
