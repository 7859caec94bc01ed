// Small GETs over one kept connection with libcurl's easy interface. Takes the port; reads from each line of standard input how many
// seconds to send for, and prints the requests, the seconds and the seconds of CPU.
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BODY_LENGTH 150

static char body[4096];
static size_t body_length;
static int has_header;

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    size_t length = size * count;
    if (body_length + length > sizeof body)
        return 0;
    memcpy(body + body_length, data, length);
    body_length += length;
    return length;
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    static const char wanted[] = "Cache-Control: max-age=60";
    if (size * count >= sizeof wanted - 1 && memcmp(line, wanted, sizeof wanted - 1) == 0)
        has_header = 1;
    return size * count;
}

static double now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static void get(CURL *curl)
{
    long status = 0;
    body_length = 0;
    has_header = 0;
    if (curl_easy_perform(curl) != CURLE_OK)
        exit(1);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200 || !has_header || body_length != BODY_LENGTH)
        exit(2);
}

int main(int count, char **arguments)
{
    char url[64], line[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%s/small.json", arguments[1]);
    curl_global_init(CURL_GLOBAL_ALL);
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept-Encoding: identity");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "bench/1.0");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    while (fgets(line, sizeof line, stdin)) {
        double start = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID), end = start + atof(line), time;
        long requests = 0;
        do {
            get(curl);
            requests++;
            time = now(CLOCK_MONOTONIC);
        } while (time < end);
        printf("%ld %.9f %.9f\n", requests, time - start, now(CLOCK_PROCESS_CPUTIME_ID) - cpu);
        fflush(stdout);
    }
    curl_easy_cleanup(curl);
    return 0;
}
