"""What is said of a template that cannot be rendered."""


class BadTemplate(ValueError):
    """The text is not a template, or renders to more than is allowed. The message is one plain sentence."""
