// The payments that k6 sends: a constant arrival rate, a new id for each.
import http from "k6/http";
import exec from "k6/execution";

export const options = {
    scenarios: {
        steady: {
            executor: "constant-arrival-rate",
            rate: Number(__ENV.RATE),
            timeUnit: "1s",
            duration: `${__ENV.SECONDS}s`,
            preAllocatedVUs: Number(__ENV.USERS),
        },
    },
    summaryTrendStats: ["p(90)", "p(99)", "p(99.9)"],
};

const sent = { headers: { "Content-Type": "application/json", Accept: "application/json" } };

export default function () {
    const number = (exec.scenario.iterationInTest + 1).toString(16).padStart(32, "0");
    const payment = {
        paymentId: number,
        clientType: 1,
        paymentMethod: { type: "scheme", token: "tok-1234" },
    };
    http.post(`${__ENV.BASE}/mobile/payments/makePayment`, JSON.stringify(payment), sent);
}

export function handleSummary(data) {
    return { [__ENV.SUMMARY]: JSON.stringify(data) };
}
