// OpenSSL's older hash functions. Their states are plain structures, which a Swift value can store and copy. OpenSSL
// recommends its newer interface, but the newer interface allocates its states as objects. Both interfaces compute the
// same hashes.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/md5.h>
#include <openssl/sha.h>
