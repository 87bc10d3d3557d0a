// Prints a client assertion, good for one token: java Assertion.java private.pem
// The file must begin with "-----BEGIN PRIVATE KEY-----". If it doesn't: openssl pkcs8 -topk8 -nocrypt -in private.pem
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

public class Assertion {
  static final String CLIENT_ID = "CLIENT_ID";
  // Auth0 accepts the issuer as a single string, with its slash.
  static final String ISSUER = "ISSUER";

  public static void main(String[] arguments) throws Exception {
    PrivateKey key = readKey(arguments.length > 0 ? arguments[0] : "private.pem");
    long now = Instant.now().getEpochSecond();
    String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\"}";
    String claims =
        String.format(
            "{\"iss\":\"%s\",\"sub\":\"%s\",\"aud\":\"%s\",\"iat\":%d,\"exp\":%d,\"jti\":\"%s\"}",
            CLIENT_ID, CLIENT_ID, ISSUER, now, now + 60, UUID.randomUUID());
    String signed = encode(bytes(header)) + "." + encode(bytes(claims));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update(bytes(signed));
    System.out.println(signed + "." + encode(signature.sign()));
  }

  static PrivateKey readKey(String file) throws Exception {
    String pem = Files.readString(Path.of(file));
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
    return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
