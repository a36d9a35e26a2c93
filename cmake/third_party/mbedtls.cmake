# SPDX-License-Identifier: BSD-3-Clause
# Mbed TLS, unpatched. Its configuration and what it stands on are components/crypto/mbedtls's: threading.c, net_sockets.c
# and timing.c are left out, since that has others or none. What it is configured not to have compiles to nothing.
function(_unicore_mbedtls)
  set(hash 3b4953aa55a681e084d31892d9904cc5328d6b4958ea57b90ae4b4f94ae69a8d)
  if(UNICORE_PLATFORM STREQUAL "host")
    unicore_external(mbedtls.library SUMMARY "Mbed TLS: not for the host" LICENCE Apache-2.0 VERSION 2.28.3 SHA256 ${hash})
    return()
  endif()
  set(hot aes.c aesni.c bignum.c chacha20.c constant_time.c ecp.c ecp_curves.c gcm.c poly1305.c sha256.c sha512.c)
  set(sources asn1parse.c asn1write.c base64.c chachapoly.c cipher.c cipher_wrap.c ctr_drbg.c ecdh.c ecdsa.c entropy.c
              error.c hkdf.c hmac_drbg.c md.c oid.c pem.c pk.c pk_wrap.c pkparse.c platform.c platform_util.c rsa.c
              rsa_internal.c ssl_ciphersuites.c ssl_cli.c ssl_msg.c ssl_srv.c ssl_ticket.c ssl_tls.c version.c x509.c
              x509_crt.c)
  set(headers aes.h aesni.h asn1.h asn1write.h base64.h bignum.h bn_mul.h ccm.h chacha20.h chachapoly.h check_config.h
              cipher.h cipher_internal.h cmac.h constant_time.h ctr_drbg.h debug.h des.h dhm.h ecdh.h ecdsa.h ecjpake.h
              ecp.h ecp_internal.h entropy.h entropy_poll.h error.h gcm.h hkdf.h hmac_drbg.h md.h md_internal.h md5.h
              net_sockets.h oid.h pem.h pk.h pk_internal.h pkcs12.h pkcs5.h platform.h platform_time.h platform_util.h poly1305.h psa_util.h
              rsa.h rsa_internal.h sha1.h sha256.h sha512.h ssl.h ssl_ciphersuites.h ssl_internal.h ssl_ticket.h threading.h
              version.h x509.h x509_crl.h x509_crt.h)
  list(TRANSFORM sources PREPEND "library/")
  list(TRANSFORM hot PREPEND "library/")
  list(TRANSFORM headers PREPEND "include/mbedtls/")
  set(UNICORE_NO_FLOATING_POINT "")  # AES of x86-64's CPUs takes their vector registers
  set_property(GLOBAL APPEND PROPERTY UNICORE_FLOATING_POINT mbedtls.library)
  unicore_third_party_compiled(mbedtls.library SUMMARY "Mbed TLS: TLS 1.2, X.509, and the cryptography below"
    PACKAGE mbedtls VERSION 2.28.3 LICENCE Apache-2.0 FILE mbedtls_2.28.3.orig.tar.gz SHA256 ${hash} REQUIRES libc
    PARTS include/mbedtls include/psa library INCLUDE include SOURCES ${sources} HOT ${hot}
    HEADERS ${headers} library/common.h library/constant_time_internal.h library/constant_time_invasive.h
            library/ecp_invasive.h)
endfunction()
_unicore_mbedtls()
