"""`python -m service` is `stillhouse`."""

from service.cli.main import app

if __name__ == "__main__":
    app(prog_name="stillhouse")
