// The older hash functions of OpenSSL, whose states are plain structures that a Swift value can store and copy. OpenSSL
// recommends its newer interface, but that allocates its states as objects. Both interfaces compute the same hashes.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>
