/* seed.c - what the seed objects in corpus/ are made of: see make-corpus. */
struct point {
    char a;
    long b;
    struct {
        short c;
        union {
            int d;
            char e[3];
        };
    } in;
};
struct epoll_event {
    unsigned events;
    unsigned long long data;
};
struct bits {
    unsigned x : 3;
    int y : 7;
    unsigned long long z : 33;
    int tail[];
};
typedef struct {
    struct point p[2];
    void *q;
    double r;
} unnamed;
enum sign { MINUS = -2, PLUS = 200 };
enum wide { TOP = 0x8000000000000000u };
typedef unsigned long word;
const unsigned number = 02000000;
unnamed *anchor;
struct point first;
struct epoll_event second;
struct bits third;
enum sign fourth;
enum wide fifth;
word sixth;
int imported(int, long);
int function(unnamed *parameter)
{
    return imported((int)number, parameter->p[0].b);
}
