//! Names and values by which secrets are recognised.

/// Words in names of variables that hold secrets.
const WORDS: &[&str] = &[
    "ACCESSKEY",
    "APIKEY",
    "AUTHKEY",
    "CREDENTIAL",
    "CREDENTIALS",
    "ENCRYPTIONKEY",
    "PASSPHRASE",
    "PASSWD",
    "PASSWORD",
    "PRIVATEKEY",
    "PWD",
    "SECRET",
    "SECRETKEY",
    "SIGNINGKEY",
    "TOKEN",
];

/// Last words of names of variables that tell something about a secret and are none.
const AROUND: &[&str] = &[
    "ALGORITHM",
    "ARN",
    "ARNS",
    "AUDIENCE",
    "BUCKET",
    "COUNT",
    "DURATION",
    "ENABLED",
    "ENDPOINT",
    "EXPIRATION",
    "EXPIRY",
    "FILE",
    "FORMAT",
    "HEADER",
    "HOST",
    "ID",
    "IDS",
    "ISSUER",
    "LENGTH",
    "LIFETIME",
    "LIMIT",
    "MINUTES",
    "MODE",
    "NAME",
    "NAMES",
    "PATH",
    "POLICY",
    "PORT",
    "PREFIX",
    "PROVIDER",
    "REGION",
    "REQUIRED",
    "ROTATION",
    "SECONDS",
    "SIZE",
    "SOURCE",
    "STORE",
    "TABLE",
    "TIMEOUT",
    "TTL",
    "TYPE",
    "URI",
    "URL",
    "VERSION",
];

/// Whether a variable with this name is expected to hold a secret.
pub(super) fn is_name(name: &str) -> bool {
    let words = words(name);
    let ends_around = words.last().is_some_and(|last| AROUND.contains(&last.as_str()));
    let pairs = words.windows(2).map(<[String]>::concat);
    let is_secret = |word: &str| WORDS.contains(&word) || ["PASSWORD", "SECRET"].iter().any(|end| word.ends_with(end));
    !ends_around && (words.iter().any(|word| is_secret(word)) || pairs.into_iter().any(|pair| is_secret(&pair)))
}

/// The words of a name such as `DB_PASSWORD` or `dbPassword`, in capital letters.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        let is_new = was_small && letter.is_ascii_uppercase() || !letter.is_ascii_alphanumeric();
        if is_new && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_ascii_alphanumeric()) {
            word.push(letter.to_ascii_uppercase());
        }
        was_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a variable with such a name holds a secret with this value: not when it only says where one is, or is a switch
/// or a number.
pub(super) fn is_secret(name: &str, value: &str) -> bool {
    let value = value.trim();
    let is_switch =
        matches!(value.to_ascii_lowercase().as_str(), "" | "true" | "false" | "yes" | "no" | "none" | "null");
    let is_place =
        value.starts_with("arn:") || value.starts_with('/') || value.contains("://") || value.starts_with("vault:");
    let is_number = value.len() < 6 && value.bytes().all(|byte| byte.is_ascii_digit());
    is_name(name) && !is_switch && !is_place && !is_number
}

/// Whether a text is a URL with a user and a password in it, or a connection string with a password.
pub(super) fn has_password(text: &str) -> bool {
    let in_url = text.split_once("://").is_some_and(|(_, rest)| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        user.and_then(|user| user.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
    });
    let in_pairs = || {
        text.split(';').filter_map(|pair| pair.split_once('=')).any(|(key, value)| {
            let key = key.trim();
            (key.eq_ignore_ascii_case("password") || key.eq_ignore_ascii_case("pwd")) && !value.trim().is_empty()
        })
    };
    in_url || text.contains(';') && in_pairs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_told_from_names_about_them() {
        for name in [
            "DB_PASSWORD",
            "dbPassword",
            "API_KEY",
            "apiKey",
            "GITHUB_TOKEN",
            "JWT_SECRET",
            "PGPASSWORD",
            "AWS_SECRET_ACCESS_KEY",
        ] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "SECRET_ARN",
            "TOKEN_TTL",
            "PASSWORD_FILE",
            "SECRET_NAME",
            "LOG_LEVEL",
            "TOKENIZER",
            "PASSWORD_MIN_LENGTH",
            "KEY",
            "",
        ] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn values_that_are_no_secrets_are_let_be() {
        assert!(is_secret("DB_PASSWORD", "correct-horse"));
        for value in [
            "",
            "true",
            "300",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:x",
            "/prod/password",
            "https://login.example.com",
        ] {
            assert!(!is_secret("DB_PASSWORD", value), "{value}");
        }
    }

    #[test]
    fn passwords_in_connection_strings_are_seen() {
        for text in ["postgres://app:pass@db.internal:5432/app", "Server=db;User Id=app;Password=pass;"] {
            assert!(has_password(text), "{text}");
        }
        for text in ["postgres://db.internal:5432/app", "postgres://app@db/app", "https://example.com/a:b@c", "a;b"] {
            assert!(!has_password(text), "{text}");
        }
    }
}
