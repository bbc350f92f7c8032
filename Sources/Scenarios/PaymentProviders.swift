/// Domains of payment providers and card schemes, which forbid or limit load on their systems, test
/// systems included. No option of a scenario lifts the refusal.
enum PaymentProviders {
    /// The listed domain that a host is, or lies under.
    static func domain(of host: String) -> String? {
        domains.first { host == $0 || host.hasSuffix(".\($0)") }
    }

    private static let domains = [
        "adyen.com", "adyenpayments.com", "affirm.com", "afterpay.com", "airwallex.com",
        "alipay.com", "amazonpay.com", "pay.amazon.com", "americanexpress.com",
        "apple-pay.apple.com",
        "apple-pay-gateway.apple.com", "authorize.net", "bambora.com", "bluesnap.com", "bolt.com",
        "braintree-api.com", "braintreegateway.com", "braintreepayments.com", "buckaroo.nl",
        "cardinalcommerce.com", "cashfree.com", "checkout.com", "clearpay.co.uk", "clover.com",
        "computop.com", "concardis.com", "cybersource.com", "datatrans.com", "dlocal.com",
        "ebanx.com",
        "elavon.com", "epay.dk", "eway.com.au", "eway.io", "fiserv.com", "firstdata.com",
        "flutterwave.com", "giropay.de", "globalpay.com", "globalpayments.com",
        "globalpaymentsinc.com", "gocardless.com", "heidelpay.com", "ideal.nl", "ingenico.com",
        "iyzico.com", "klarna.com", "mastercard.com", "mercadopago.com", "moderntreasury.com",
        "mollie.com", "moneris.com", "multisafepay.com", "nets.eu", "netaxept.no", "nexi.it",
        "nexigroup.com", "nmi.com", "nuvei.com", "omise.co", "opn.ooo", "pagar.me", "pagseguro.com",
        "pay.nl", "paydirekt.de", "payeezy.com", "payfast.co.za", "payments.service.gov.uk",
        "payone.com", "payoneer.com", "paypal.com", "paypalobjects.com", "paypay.ne.jp",
        "paypay-corp.co.jp",
        "payplug.com", "payrix.com", "paysafe.com", "paystack.co", "paystack.com", "paytm.com",
        "paytm.in", "paytr.com", "payu.com", "payu.in", "payulatam.com", "ppro.com",
        "przelewy24.pl",
        "qualpay.com", "rapyd.net", "ratepay.com", "razorpay.com", "redsys.es", "revolut.com",
        "revolv3.com", "sagepay.com", "saferpay.com", "securionpay.com", "sezzle.com", "shift4.com",
        "skrill.com", "spreedly.com", "square.com", "squareup.com", "squareupsandbox.com",
        "stripe.com", "stripe.network", "sumup.com", "swish.nu", "tap.company", "tinkoff.ru",
        "truelayer.com", "trustly.com", "trustpayments.com", "twocheckout.com", "2checkout.com",
        "unzer.com", "verifone.com", "vippsmobilepay.com", "visa.com", "wepay.com", "wirecard.com",
        "wise.com", "worldline-solutions.com", "worldline.com", "worldpay.com", "worldpay.io",
        "xendit.co", "yookassa.ru", "zip.co",
    ]
}
