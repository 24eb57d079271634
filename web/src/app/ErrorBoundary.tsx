import { Component, type ReactNode } from 'react';

/** A page that breaks says so, and the rest of the site goes on. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <div className="wrap sec failure" role="alert">
        <h1>This page broke</h1>
        <p>Nothing you wrote on the server is lost. Load it again, or go back to the films.</p>
        <p className="acts-row">
          <button type="button" className="btn p" onClick={() => location.reload()}>
            Load again
          </button>
          <a className="btn" href="/films">
            Films
          </a>
        </p>
      </div>
    );
  }
}
