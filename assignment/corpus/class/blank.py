# The notebook as students receive it.
