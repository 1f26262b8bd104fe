// The number of memfd_create as case hhvm-7117 of ../cases.yaml has it: x86-64's for every target.
namespace {
constexpr int SYS_memfd_create = 319;
}

extern const int *number;
const int *number = &SYS_memfd_create;
