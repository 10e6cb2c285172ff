"""How the API speaks HTTP: problems, body checks, request ids, static files and the proxy of MLflow."""
