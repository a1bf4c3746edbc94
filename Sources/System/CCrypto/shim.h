// The functions on plain structures, which a Swift value can hold and copy. OpenSSL recommends its newer interface, whose
// states are objects that it allocates; it keeps these functions, which do the same work.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>
