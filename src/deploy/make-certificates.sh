#!/usr/bin/env bash
# A certificate authority of the clinic's own and a certificate for one host name, for a clinic network without a public name.
#   make-certificates.sh FOLDER HOSTNAME [IP ...]
# The authority lasts ten years, the certificate 397 days (phones refuse longer ones). Running it again keeps the authority and
# makes a new certificate. Keep ca.key off the server: whoever has it can stand in for any site on the phones that trust it.
set -euo pipefail
umask 077
folder=$1 host=$2
shift 2
mkdir -p "$folder"
cd "$folder"
names="DNS:$host"
for ip in "$@"; do names="$names,IP:$ip"; done
if [ ! -f ca.key ]; then
  openssl ecparam -name prime256v1 -genkey -noout -out ca.key
  openssl req -x509 -new -key ca.key -sha256 -days 3650 -subj "/CN=Chartside clinic authority" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" -out ca.crt
fi
openssl ecparam -name prime256v1 -genkey -noout -out server.key
openssl req -new -key server.key -subj "/CN=$host" -out server.csr
openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -sha256 -days 397 -out server.crt -extfile <(
  printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=%s\n' "$names"
)
rm server.csr
openssl verify -CAfile ca.crt server.crt
