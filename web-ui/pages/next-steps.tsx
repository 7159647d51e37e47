export function NextSteps() {
  return (
    <section class="steps">
      <h2>Setup is not finished</h2>
      <p>
        Press Enter at its console, on the screen or on the serial line: a short wizard asks for the
        network and for a password. Until then nothing can be changed over the network.
      </p>
      <h2>Is this really your box?</h2>
      <p>
        Your browser warned you because nobody but the box itself vouches for its certificate. Check
        it once, before you type a password here:
      </p>
      <ol>
        <li>
          Open the certificate in your browser: the sign beside the address, then its details.
        </li>
        <li>
          Find the <b>SHA-256 fingerprint</b> of the certificate.
        </li>
        <li>
          Compare it with the one on the screen or serial console of the box, or in what “diarch
          status” prints there. All pairs must match.
        </li>
      </ol>
    </section>
  )
}
