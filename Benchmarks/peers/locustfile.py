"""The payments that locust sends: each user at a rate of its own, a new id for each payment."""

import os
import uuid

from locust import FastHttpUser, constant_throughput, task


class Payer(FastHttpUser):
    wait_time = constant_throughput(float(os.environ["RATE_PER_USER"]))

    @task
    def pay(self):
        self.client.post(
            "/mobile/payments/makePayment",
            json={
                "paymentId": uuid.uuid4().hex,
                "clientType": 1,
                "paymentMethod": {"type": "scheme", "token": "tok-1234"},
            },
        )
