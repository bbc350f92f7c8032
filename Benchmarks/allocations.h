/* How many allocations the process has made: malloc and its kin, wherever they come from. */
unsigned long allocations(void);
