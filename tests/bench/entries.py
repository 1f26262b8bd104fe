"""Debug information that no compiler writes, as a source for the assembler: GNU as and x86_64.

In: how many entries, and of which shape. Out: the text of a source whose object has one unit of C
with them. It is written by hand because what is looked for is what a compiler would not do: blocks
that lie a hundred thousand deep in each other, a million records that are one, names of any bytes.
"""

HEAD = """.section .debug_abbrev,"",@progbits
.byte 1,0x11,1, 0x13,0x0b, 0,0                        # unit: language
.byte 2,0x24,0, 0x03,0x08, 0x0b,0x0b, 0x3e,0x0b, 0,0  # base type: name, size, encoding
.byte 3,0x13,1, 0x03,0x08, 0x0b,0x0b, 0,0             # record: name, size
.byte 4,0x0d,0, 0x03,0x08, 0x49,0x13, 0x38,0x0b, 0,0  # member: name, type, place
.byte 5,0x2e,1, 0x03,0x08, 0,0                        # function: name
.byte 6,0x0b,1, 0,0                                   # block
.byte 0
.section .debug_info,"",@progbits
u: .long e-v
v: .short 4
.long 0
.byte 8, 1,0x0c
w: .byte 2
.string "uint32_t"
.byte 4,7
x: .byte 2
.string "uint64_t"
.byte 8,7
"""
TAIL = ".byte 0\ne:\n"


def record(name="epoll_event", first="events", second="data"):
    """A packed record, epoll_event's own layout on x86_64."""
    return (f'.byte 3\n.string "{name}"\n.byte 12\n.byte 4\n.string "{first}"\n.long w-u\n.byte 0\n'
            f'.byte 4\n.string "{second}"\n.long x-u\n.byte 4, 0\n')


def records(n):
    """The same record n times."""
    return f"{HEAD}.rept {n}\n{record()}.endr\n{TAIL}"


def blocks(n):
    """A function of n blocks, each in the one before, and the record in the innermost."""
    return (f'{HEAD}.byte 5\n.string "f"\n.rept {n}\n.byte 6\n.endr\n{record()}'
            f".rept {n}\n.byte 0\n.endr\n.byte 0\n{TAIL}")


def one(**names):
    """One record, of any names: octal escapes make any byte."""
    return HEAD + record(**names) + TAIL
