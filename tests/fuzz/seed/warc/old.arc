filedesc://x.arc 0.0.0.0 20230906010203 text/plain 10
1 0 Test


http://e.com/a b 1.2.3.4 20230906010203 text/html 146
HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<html><head><title>A title of it</title></head><body><p>Words, words.</p></body></html>
