/// A client certificate of the test CA: PUBLIC TEST MATERIAL, valid from 2024 to 2074.
enum ClientCertificate {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBzjCCAXSgAwIBAgIBAzAKBggqhkjOPQQDAjA8MTowOAYDVQQDDDFwYXliZW5j
        aCBzaW11bGF0b3IgdGVzdCBDQSAocHVibGljIGFuZCB3b3J0aGxlc3MpMCAXDTI0
        MDEwMTAwMDAwMFoYDzIwNzQwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhv
        c3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQpu9oGTrr653bMU5x5qZtbiFL4
        Vheemmr6qVF8T3tdUJ8IBfjHvyxVg44QM3iwRyPCnxe8PfmAmHFOf70PWQnco4GM
        MIGJMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsG
        AQUFBwMCMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAdBgNVHQ4EFgQUYrN2qGL89X+Z
        g9Kht4v8pLmLgicwHwYDVR0jBBgwFoAUJY50/SSJKhA5d2nz/tFV1w2OSsUwCgYI
        KoZIzj0EAwIDSAAwRQIgfF9nRsytmwRWXWn4Gu7NNJkg5DLdgwfLidOAt0eF54EC
        IQDz8gMGM0+hYp/WTA4n8IhOUImS6RetoXNj0I4xr/GlQw==
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmEW2dc5QNWhKjAcU
        5ThtZNEPyOaZiLhuo/6IBX99pd+hRANCAAQpu9oGTrr653bMU5x5qZtbiFL4Vhee
        mmr6qVF8T3tdUJ8IBfjHvyxVg44QM3iwRyPCnxe8PfmAmHFOf70PWQnc
        -----END PRIVATE KEY-----
        """
}
