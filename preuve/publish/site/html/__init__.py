"""One page as HTML: rendered, styled, made small."""
