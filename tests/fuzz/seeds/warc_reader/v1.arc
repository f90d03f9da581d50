filedesc://x.arc 0.0.0.0 20240203040506 text/plain 64
1 0 Us
URL IP-address Archive-date Content-type Archive-length

http://a.example/a b 192.0.2.1 20240203040506 text/html 85
HTTP/1.1 200 OK
Content-Type: text/html
Content-Length: 21

<title>page 1</title>
