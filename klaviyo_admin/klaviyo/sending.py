"""One attempt at one request: a place in the budget before it, and what came of it written into the budget after it."""

from klaviyo_admin.klaviyo.limits import Budget, Patience
from klaviyo_admin.klaviyo.operation import Operation
from klaviyo_admin.klaviyo.session import Answer, NoAnswer, NotSent, Session


def attempt(
    session: Session,
    budget: Budget | None,
    patience: Patience,
    operation: Operation,
    address: str,
    body: bytes = b"",
) -> Answer:
    """The answer, whatever it is. Raises NotSent, NoAnswer, and Throttled where waiting for a place in the budget takes too
    much patience: then nothing was sent either."""
    if budget is None:
        return session.exchange(operation.method, address, body, operation.media)
    turn = budget.turn(operation, address, patience)
    try:
        answer = session.exchange(operation.method, address, body, operation.media)
    except NotSent:
        turn.unsent()
        raise
    except NoAnswer:
        turn.unanswered()
        raise
    turn.answered(answer.status, answer.retry_after, answer.headers.get("ratelimit-limit", ""))
    return answer
