// SPDX-License-Identifier: GPL-3.0-or-later
// libcurl's functions, as far as this room uses them, each of which finds the real one when it is first called. Linked
// in the usual way, libcurl and the two dozen libraries behind it would cost every start of the program a fifth of the
// time until its first window; a demo and most commands never need it.
#include <curl/curl.h>
#include <dlfcn.h>

#include <cstdarg>
#include <stdexcept>

#undef curl_easy_setopt
#undef curl_easy_getinfo

namespace {

/// Never unloaded: other threads may still be in it when the program ends.
template <class Function>
Function* real(const char* name) {
  static void* const library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  void* const found = library != nullptr ? ::dlsym(library, name) : nullptr;
  if (found == nullptr) throw std::runtime_error("libcurl 4 is not installed");
  return reinterpret_cast<Function*>(found);
}

}  // namespace

#define FORWARD(result, name, parameters, arguments)             \
  result name parameters {                                       \
    static auto* const function = real<result parameters>(#name); \
    return function arguments;                                   \
  }

// The third argument is a long, a pointer or a curl_off_t: one register each on the 64-bit systems this is built for.
#define FORWARD_ONE_MORE(name, kind)                                               \
  CURLcode name(CURL* handle, kind what, ...) {                                    \
    static auto* const function = real<CURLcode(CURL*, kind, ...)>(#name);         \
    static_assert(sizeof(long) == sizeof(void*) && sizeof(curl_off_t) == sizeof(void*)); \
    std::va_list rest;                                                             \
    va_start(rest, what);                                                          \
    void* const value = va_arg(rest, void*);                                       \
    va_end(rest);                                                                  \
    return function(handle, what, value);                                          \
  }

extern "C" {

FORWARD(CURLcode, curl_global_init, (long flags), (flags))

FORWARD(CURL*, curl_easy_init, (), ())
FORWARD_ONE_MORE(curl_easy_setopt, CURLoption)
FORWARD_ONE_MORE(curl_easy_getinfo, CURLINFO)
FORWARD(CURLcode, curl_easy_perform, (CURL * handle), (handle))
FORWARD(void, curl_easy_cleanup, (CURL * handle), (handle))

FORWARD(curl_slist*, curl_slist_append, (curl_slist * list, const char* text), (list, text))
FORWARD(void, curl_slist_free_all, (curl_slist * list), (list))

FORWARD(CURLU*, curl_url, (), ())
FORWARD(void, curl_url_cleanup, (CURLU * url), (url))
FORWARD(CURLUcode, curl_url_get, (CURLU * url, CURLUPart part, char** text, unsigned flags), (url, part, text, flags))
FORWARD(CURLUcode, curl_url_set, (CURLU * url, CURLUPart part, const char* text, unsigned flags), (url, part, text, flags))
FORWARD(void, curl_free, (void* memory), (memory))

FORWARD(curl_mime*, curl_mime_init, (CURL * handle), (handle))
FORWARD(void, curl_mime_free, (curl_mime * mime), (mime))
FORWARD(curl_mimepart*, curl_mime_addpart, (curl_mime * mime), (mime))
FORWARD(CURLcode, curl_mime_type, (curl_mimepart * part, const char* type), (part, type))
FORWARD(CURLcode, curl_mime_encoder, (curl_mimepart * part, const char* encoding), (part, encoding))
FORWARD(CURLcode, curl_mime_data_cb,
        (curl_mimepart * part, curl_off_t size, curl_read_callback read, curl_seek_callback seek, curl_free_callback free,
         void* argument),
        (part, size, read, seek, free, argument))

}  // extern "C"
