// Small GETs over one kept connection with net/http. Takes the port; reads from each line of standard input how many seconds to send
// for, and prints the requests, the seconds and the seconds of CPU.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

const bodyLength = 150

func cpu() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()).Seconds()
}

func get(client *http.Client, url string) {
	request, err := http.NewRequest("GET", url, nil)
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("User-Agent", "bench/1.0")
	request.Header.Set("Accept", "*/*")
	request.Header.Set("Accept-Encoding", "identity")
	response, err := client.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != 200 || response.Header.Get("Cache-Control") != "max-age=60" || len(body) != bodyLength {
		log.Fatal("not the response that was asked for: ", err)
	}
}

func main() {
	client := &http.Client{Transport: &http.Transport{}}
	url := "http://127.0.0.1:" + os.Args[1] + "/small.json"
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		seconds, err := strconv.ParseFloat(lines.Text(), 64)
		if err != nil {
			log.Fatal(err)
		}
		start, used, requests := time.Now(), cpu(), 0
		for time.Since(start).Seconds() < seconds {
			get(client, url)
			requests++
		}
		fmt.Println(requests, time.Since(start).Seconds(), cpu()-used)
	}
}
