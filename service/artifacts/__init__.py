"""Files that jobs left in MLflow, and the weights of models: listed and handed out without leaving their place."""
