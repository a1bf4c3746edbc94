// libcurl's calls with a variable number of arguments, which Swift does not import, one for each type of argument.
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

static inline CURLcode mnist_curl_set_receiver(CURL *handle, CURLoption option, mnist_curl_receiver receiver)
{
    return curl_easy_setopt(handle, option, receiver);
}

// Allows HTTP and HTTPS, and no other protocol.
static inline CURLcode mnist_curl_allow_http_only(CURL *handle)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

// Keeps the end of a transfer from waiting for a resolver that does not answer. A version that cannot do so waits.
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

// The result of a message that says a transfer is over.
static inline CURLcode mnist_curl_result(const CURLMsg *message)
{
    return message->data.result;
}

#endif
