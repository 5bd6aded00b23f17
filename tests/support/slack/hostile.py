"""Texts that would be more than text in Slack, were they not escaped."""

from hypothesis import strategies as st

HOSTILE = [
    "<!channel> read this",
    "<@U123> and <#C1|general>",
    "<https://evil.example|arxiv.org>",
    "&lt;!here&gt; &amp;",
    "*bold* _it_ ~no~ `code` ```pre```",
    "\n> quoted\n>>> all",
    ":tada: :+1::skin-tone-2:",
    "\u202eevil\u202c \u200bzero\u2066width",
    "a|b>c<d&e",
    "\ud800 half",
    "\U0001f516" * 4000,
    "&" * 4000,
    "x" * 20_000,
    "word " * 5000,
    "",
    " \n\t ",
    "@here @channel @everyone",
]

texts = st.sampled_from(HOSTILE) | st.text(max_size=300) | st.text("<>&|!@#*_~`:\n ab\u200b\u202e", max_size=80)
