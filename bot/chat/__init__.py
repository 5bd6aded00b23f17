"""From what was typed to the answer: registry, dispatch, completion, reactions and shared links."""
