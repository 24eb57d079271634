"""HTTP for contexts: one decorator that reads strictly, asks who may, and answers plainly."""

from marquee.engines.web.answer import Answer, Cookie
from marquee.engines.web.call import Call
from marquee.engines.web.endpoint import Endpoint, endpoint

__all__ = ["Answer", "Call", "Cookie", "Endpoint", "endpoint"]
