import static weft.notebook.Display.*;
