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

typedef int (*mnist_curl_progress)(void *context, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

// Sets what is asked again and again, also while bytes come that no receiver gets, whether the transfer may go on.
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
