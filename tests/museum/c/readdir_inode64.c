/* The function that fills records with inode numbers of 64 bits: on x86-64 macOS the header's. */
void *read_entry(void *) __asm("_readdir$INODE64");

struct directory { int open; } directory;

void *next_entry(void *from)
{
    return read_entry(from);
}
