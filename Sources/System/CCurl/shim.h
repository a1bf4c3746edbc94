// Wrappers with fixed parameter types for libcurl's variadic functions. Swift cannot import variadic functions.
#ifndef CCURL_SHIM_H
#define CCURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*mnist_curl_receiver)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode mnist_curl_set_number(CURL *handle, CURLoption option, long value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mnist_curl_set_text(CURL *handle, CURLoption option, const char *value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mnist_curl_set_pointer(CURL *handle, CURLoption option, void *value)
{
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode mnist_curl_set_fields(CURL *handle, struct curl_slist *fields)
{
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, fields);
}

typedef int (*mnist_curl_progress)(void *context, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

// Sets the callback that decides whether a transfer may continue. libcurl calls it repeatedly during the transfer, even
// while no bytes are passed to a receiver.
static inline CURLcode mnist_curl_set_progress(CURL *handle, mnist_curl_progress progress, void *context)
{
    CURLcode code = curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, progress);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
    return code == CURLE_OK ? curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L) : code;
}

static inline CURLcode mnist_curl_set_receiver(CURL *handle, CURLoption option, mnist_curl_receiver receiver)
{
    return curl_easy_setopt(handle, option, receiver);
}

// Allows only the protocols HTTP and HTTPS.
static inline CURLcode mnist_curl_allow_http_only(CURL *handle)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

// Lets a transfer end even if a name resolver does not answer. Older versions of libcurl wait for the resolver.
static inline void mnist_curl_leave_resolver_behind(CURL *handle)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)handle;
#endif
}

static inline CURLcode mnist_curl_initialize(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT);
}

// Returns the result of a finished transfer. `message` is libcurl's message about the transfer.
static inline CURLcode mnist_curl_result(const CURLMsg *message)
{
    return message->data.result;
}

#endif
