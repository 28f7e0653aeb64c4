#include "newsq.h"
int newsq_shell(void *tool)
{
    (void)tool;
    return 0;
}
