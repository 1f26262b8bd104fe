/* The function by its plain name: on x86-64 macOS it fills records with inode numbers of 32 bits. */
void *read_entry(void *) __asm("_readdir");

/* So that debug information has a type. */
struct directory { int open; } directory;

void *next_entry(void *from)
{
    return read_entry(from);
}
