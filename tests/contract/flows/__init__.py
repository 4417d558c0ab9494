"""What the official client does in each area, in order: a flow makes what it needs and leaves some of it to be read."""

from tests.contract.flows import facts, goods, messages, objects, people, visitors

FLOWS = [flow for part in (people, facts, goods, objects, messages, visitors) for flow in part.FLOWS]
