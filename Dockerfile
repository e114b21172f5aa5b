# One image for the web (default), the worker, and, as the target `lambda`, AWS Lambda.
FROM python:3.11-slim AS installed
WORKDIR /app
COPY requirements.txt .
COPY constraints.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir -r requirements.txt

FROM python:3.11-slim AS product
# PostgreSQL refuses to run as root, and nothing here needs to.
RUN useradd --create-home --uid 10001 leads && mkdir /data && chown leads /data
COPY --from=installed /venv /venv
WORKDIR /app
COPY .streamlit .streamlit
COPY app.py .
COPY pages pages
COPY lead_store lead_store
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONPATH=/app LEAD_STORE_HOME=/data
USER leads
VOLUME /data

FROM product AS lambda
USER root
RUN /venv/bin/pip install --no-cache-dir awslambdaric==4.2.2
USER leads
ENTRYPOINT ["python", "-m", "awslambdaric"]
CMD ["lead_store.aws_lambda.handler"]

# The last stage is what a plain `docker build` makes.
FROM product AS web
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://localhost:8501/api/health')"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
